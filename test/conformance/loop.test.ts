import { LoopExecutor } from 'multitask'
import { asCompletedSuite } from './as-completed.ts'
import { executorSuite } from './executor.ts'
import { executorScopeSuite } from './executor-scope.ts'
import { futureSuite } from './future.ts'
import { mapSuite } from './map.ts'
import { programSuite } from './programs.ts'
import type { SuiteOptions } from './scope.ts'
import { streamSuite } from './stream.ts'
import { waitSuite } from './wait.ts'

const make = (options?: SuiteOptions) => new LoopExecutor(options)

executorSuite('LoopExecutor', make)
executorScopeSuite('LoopExecutor', make)
mapSuite('LoopExecutor', make)
streamSuite('LoopExecutor', make)
futureSuite('LoopExecutor', make)
waitSuite('LoopExecutor', make)
asCompletedSuite('LoopExecutor', make)
programSuite('LoopExecutor')

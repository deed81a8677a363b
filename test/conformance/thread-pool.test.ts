import { ThreadPoolExecutor } from 'multitask'
import { asCompletedSuite } from './as-completed.ts'
import { executorSuite } from './executor.ts'
import { executorScopeSuite } from './executor-scope.ts'
import { futureSuite } from './future.ts'
import { programSuite } from './programs.ts'
import type { SuiteOptions } from './scope.ts'
import { waitSuite } from './wait.ts'

const make = (options?: SuiteOptions) => new ThreadPoolExecutor(options)

executorSuite('ThreadPoolExecutor', make)
executorScopeSuite('ThreadPoolExecutor', make)
futureSuite('ThreadPoolExecutor', make)
waitSuite('ThreadPoolExecutor', make)
asCompletedSuite('ThreadPoolExecutor', make)
programSuite('ThreadPoolExecutor')

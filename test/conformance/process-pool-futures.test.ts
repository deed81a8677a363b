import { ProcessPoolExecutor } from 'multitask'
import { FileWords } from '../fixtures/file-words.ts'
import { asCompletedSuite } from './as-completed.ts'
import { futureSuite } from './future.ts'
import { programSuite } from './programs.ts'
import type { SuiteOptions } from './scope.ts'
import { waitSuite } from './wait.ts'

const words = () => new FileWords()
const make = Object.assign((options?: SuiteOptions) => new ProcessPoolExecutor(options), { words })

futureSuite('ProcessPoolExecutor', make)
waitSuite('ProcessPoolExecutor', make)
asCompletedSuite('ProcessPoolExecutor', make)
programSuite('ProcessPoolExecutor')

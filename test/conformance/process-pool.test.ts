import { ProcessPoolExecutor } from 'multitask'
import { FileWords } from '../fixtures/file-words.ts'
import { executorSuite } from './executor.ts'
import type { SuiteOptions } from './scope.ts'

const words = () => new FileWords()
const make = Object.assign((options?: SuiteOptions) => new ProcessPoolExecutor(options), { words })

executorSuite('ProcessPoolExecutor', make)

import { ProcessPoolExecutor } from 'multitask'
import { FileWords } from '../fixtures/file-words.ts'
import type { SuiteOptions } from './scope.ts'
import { streamSuite } from './stream.ts'

const words = () => new FileWords()
const make = Object.assign((options?: SuiteOptions) => new ProcessPoolExecutor(options), { words })

streamSuite('ProcessPoolExecutor', make)

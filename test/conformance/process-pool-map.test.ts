import { ProcessPoolExecutor } from 'multitask'
import { FileWords } from '../fixtures/file-words.ts'
import { mapSuite } from './map.ts'
import type { SuiteOptions } from './scope.ts'

const words = () => new FileWords()
const make = Object.assign((options?: SuiteOptions) => new ProcessPoolExecutor(options), { words })

mapSuite('ProcessPoolExecutor', make)

import { ThreadPoolExecutor } from 'multitask'
import { mapSuite } from './map.ts'
import type { SuiteOptions } from './scope.ts'
import { streamSuite } from './stream.ts'

const make = (options?: SuiteOptions) => new ThreadPoolExecutor(options)

mapSuite('ThreadPoolExecutor', make)
streamSuite('ThreadPoolExecutor', make)

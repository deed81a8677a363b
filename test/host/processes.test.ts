import { processCases } from './process-cases.ts'

processCases()

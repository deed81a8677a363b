/** The same where processes share no memory, or are not to. */
import { processCases } from './process-cases.ts'

process.env['MULTITASK_SHARED_MEMORY'] = 'off'
processCases()

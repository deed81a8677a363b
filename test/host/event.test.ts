/** An Event keeps its contract when it is used from another process. */
import { Event } from 'multitask'
import { eventSuite } from '../conformance/event.ts'
import { standIn } from '../fixtures/stand-in.ts'

eventSuite('Event', options => standIn(new Event(options)), { elsewhere: true })

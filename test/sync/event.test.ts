import { Event } from 'multitask'
import { eventSuite } from '../conformance/event.ts'

eventSuite('Event', options => new Event(options))

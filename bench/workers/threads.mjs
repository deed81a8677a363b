import { expose, Transfer } from 'threads/worker'
import * as tasks from '../tasks.mjs'

expose({ ...tasks, move: bytes => Transfer(bytes, [bytes.buffer]) })

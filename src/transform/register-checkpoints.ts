/** multitask/gil/register, to be loaded before a program: the turns of its loops become checkpoints of a Gil. */
import { register } from './register.ts'

register({ awaits: false, checkpoints: true })

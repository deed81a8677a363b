/** multitask/checker/register, to be loaded before a program: its awaits become switch points of the checker. */
import { register } from './register.ts'

register()

// A process has its own copy of everything: what it changes, nobody else sees.
import { Process } from 'multitask'
import { change, show } from './tasks/processes.ts'

await new Process(change).start().join()
show()

// Output:
// child 2
// parent 1

// Each Process has a pid of its own. What it returns comes back by join(), so no queue is needed for that.
import { Process } from 'multitask'
import { ownPid } from './tasks/processes.ts'

const processes = [1, 2, 3].map(() => new Process(ownPid))
for (const each of processes) each.start()
const pids = new Set(await Promise.all(processes.map(each => each.join())))
const say = (fact: boolean) => (fact ? 'True' : 'False')
console.log('three pids', say(pids.size === 3), 'none is mine', say(!pids.has(process.pid)))
console.log(`exit codes [${processes.map(each => each.exitCode).join(', ')}]`)

// Output:
// three pids True none is mine True
// exit codes [0, 0, 0]

// The program waits for its threads, but not for daemons: this one would go on for ever.
import { Thread, threads } from 'multitask'

const watch = (): Promise<never> => new Promise(() => setInterval(() => {}, 1000))
const watchdog = new Thread(watch, [], { name: 'watchdog', daemon: true }).start()
for (const { name, daemon } of threads()) console.log(name, daemon ? 'is a daemon' : 'is waited for')

const sum = new Thread((numbers: number[]) => numbers.reduce((a, b) => a + b), [[1, 2, 3]])
console.log(await sum.start().join())
console.log('the watchdog is alive:', watchdog.isAlive())

// Output:
// MainThread is waited for
// watchdog is a daemon
// 6
// the watchdog is alive: true

// A ThreadLocal is one name with a value for each thread, made there when it is first read.
import { Thread, ThreadLocal } from 'multitask'
import { countVisits } from './tasks/visits.ts'

const visits = new ThreadLocal(() => new Map<string, number>())
countVisits(visits, ['home'])
const thread = new Thread(countVisits, [visits, ['home', 'about', 'home']])
console.log('there:', await thread.start().join())
console.log('here:', countVisits(visits, []))

// Output:
// there: home 2, about 1
// here: home 1

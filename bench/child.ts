/** One process, one contestant, one question: `child.ts QUESTION CONTESTANT CONDITION` prints its figures as JSON. */
import { type QuestionName, questions } from './question.ts'

const [name, contestant = '', condition = ''] = process.argv.slice(2)
const { question } = await questions[name as QuestionName]()
const figures = await question.measure(contestant, condition)
process.stdout.write(`\n${JSON.stringify(figures)}\n`)
// Some rivals leave timers or threads behind.
process.exit()

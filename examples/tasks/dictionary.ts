import { task } from 'multitask'

/** Each thread has a module state of its own. */
const words = new Map<string, string>()

export const loadWords = task(function loadWords(from: string, to: string): void {
  const translations = to.split(' ')
  for (const [index, word] of from.split(' ').entries()) words.set(word, translations[index]!)
})

export const translate = task(function translate(word: string): string {
  return words.get(word) ?? '?'
})

import { task, transfer } from 'multitask'

export const invert = task(function invert(pixels: Uint8Array): Uint8Array {
  for (let i = 0; i < pixels.length; i++) pixels[i] = 255 - pixels[i]!
  return transfer(pixels)
})

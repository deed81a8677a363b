export function echoMoved(bytes: Uint8Array): Uint8Array

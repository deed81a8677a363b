import { type Connection, task } from 'multitask'

/** Says ping, and returns what is answered. */
export const ping = task(async function ping(connection: Connection<[string, number], string>): Promise<string> {
  await connection.send(['ping', 1])
  const answer = await connection.recv()
  connection.close()
  return answer
})

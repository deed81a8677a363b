// For vitest: awaits of the project become points where tasks change over.
import { transformPlugin } from 'multitask/transform'

export default { plugins: [transformPlugin()] }

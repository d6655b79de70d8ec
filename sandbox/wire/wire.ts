/** Services over AWS's wire protocols, on a port or in this process. */
export { sandboxPrincipal } from './access-denied.ts';
export { createWire, knowsOperation, type CallRecord, type Wire, type WireOptions } from './dispatch.ts';
export { inProcess } from './in-process.ts';
export type { WireReply, WireRequest } from './message.ts';
export { listen } from './server.ts';

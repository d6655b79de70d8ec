import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import { SECOND } from '../../src/core/time/clock.ts';

export interface OpenPort {
  /** Accepts no new connections; requests in flight are answered. */
  readonly close: () => void;
  /** Also closes the connections. */
  readonly destroy: () => void;
}

interface Handlers {
  readonly request: http.RequestListener;
  readonly upgrade: (request: http.IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** The addresses of `localhost`. Not every machine has the second one. */
const ADDRESSES = ['127.0.0.1', '::1'];
/**
 * Backlog of connections to accept. The system resets connections beyond it, which AWS's load
 * balancers do not do.
 */
const BACKLOG = 4096;
const NO_SUCH_ADDRESS = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** How a port speaks TLS: its default certificate, and the choice by the name of the client. */
export type Secure = Pick<SecureContextOptions, 'cert' | 'key'> & Pick<TlsOptions, 'SNICallback'>;

/** Rejects when the port cannot be had on 127.0.0.1, or is taken on ::1. */
export async function openPort(
  port: number,
  handlers: Handlers,
  secure: Secure | null = null,
): Promise<OpenPort> {
  const servers: http.Server[] = [];
  // the server itself forgets those that were upgraded
  const sockets = new Set<Socket>();
  for (const address of ADDRESSES) {
    const options = { keepAliveTimeout: 60 * SECOND };
    const server =
      secure === null
        ? http.createServer(options, handlers.request)
        : https.createServer({ ...options, ...secure }, handlers.request);
    server.on('upgrade', handlers.upgrade);
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    try {
      await listen(server, port, address);
      servers.push(server);
    } catch (error) {
      if (servers.length > 0 && isMissingAddress(error)) continue;
      for (const opened of servers) opened.close();
      throw error;
    }
  }
  return {
    close() {
      for (const server of servers) server.close();
    },
    destroy() {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function listen(server: http.Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function isMissingAddress(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && NO_SUCH_ADDRESS.has(String(error.code))
  );
}

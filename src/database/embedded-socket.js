import { createServer } from 'node:net';

// Plain JavaScript, because the embedded database's worker thread loads it and worker threads read no TypeScript.

const SSL_REQUEST = 80877103;
const CANCEL_REQUEST = 80877102;
const SYNC = 'S'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);
const FUNCTION_CALL = 'F'.charCodeAt(0);
const FLUSH = 'H'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);
const SYNC_MESSAGE = Uint8Array.of(SYNC, 0, 0, 0, 4);
const ROLLBACK_MESSAGE = Buffer.concat([Uint8Array.of(QUERY, 0, 0, 0, 13), Buffer.from('ROLLBACK\0')]);

/**
 * One client at the door.
 * @typedef {{ socket: import('node:net').Socket, started: boolean, gone: boolean, read: Buffer[], readBytes: number, needBytes: number, turn: Buffer[] }} Connection
 *
 * What runs without anybody else in between: messages up to a Sync, or work of our own such as a dump.
 * @typedef {{ connection: Connection | null, endsSequence: boolean, run: () => Promise<void> }} Turn
 */

/**
 * Lets many connections share the one session of an embedded PGlite: whole statements take turns, and an open
 * transaction keeps the turn until it ends. Stands in for PGLiteSocketServer of @electric-sql/pglite-socket 0.2.17,
 * which queues single protocol messages: a statement whose parameters came in two reads was torn apart by its
 * neighbours (63 of 400 failed with "bind message supplies 1 parameters, but prepared statement requires 2").
 * @param {import('@electric-sql/pglite').PGlite} db
 * @param {(error: Error) => void} onFailure when PGlite itself breaks; no query can be answered after that
 */
export function createEmbeddedSocket(db, onFailure) {
  /** @type {Turn[]} */
  let waiting = [];
  /** @type {Connection | null} who has an open transaction or an unfinished statement */
  let holder = null;
  let running = false;
  /** @type {Set<Connection>} */
  const connections = new Set();

  async function runWaiting() {
    if (running) return;
    running = true;
    try {
      for (;;) {
        const next = holder ? waiting.findIndex((turn) => turn.connection === holder) : 0;
        const [turn] = next < 0 ? [] : waiting.splice(next, 1);
        if (!turn) break;
        await turn.run();
        holder = db.isInTransaction() || !turn.endsSequence ? turn.connection : null;
      }
    } catch (error) {
      for (const { socket } of connections) socket.destroy();
      onFailure(/** @type {Error} */ (error));
      return;
    }
    running = false;
  }

  /** @param {Uint8Array} message @param {Connection | null} connection */
  const execute = (message, connection) =>
    db.runExclusive(() =>
      db.execProtocolRawStream(message, {
        // The bytes lie in PGlite's memory and change after this call.
        onRawData: (data) => {
          if (connection && !connection.gone) connection.socket.write(Buffer.from(data));
        },
      }),
    );

  /** @param {Connection} connection @param {boolean} endsSequence */
  function takeTurn(connection, endsSequence) {
    const message =
      connection.turn.length === 1 ? /** @type {Buffer} */ (connection.turn[0]) : Buffer.concat(connection.turn);
    connection.turn = [];
    waiting.push({
      connection,
      endsSequence,
      run: async () => {
        connection.socket.cork();
        await execute(message, connection);
        connection.socket.uncork();
      },
    });
    void runWaiting();
  }

  /** @param {Connection} connection */
  function leave(connection) {
    if (connection.gone) return;
    connection.gone = true;
    connections.delete(connection);
    waiting = waiting.filter((turn) => turn.connection !== connection);
    if (holder !== connection && !running) return;
    // It may hold the turn, or be about to: end what it left open before anybody else comes.
    waiting.unshift({
      connection,
      endsSequence: true,
      run: async () => {
        if (holder !== connection) return;
        await execute(SYNC_MESSAGE, null);
        if (db.isInTransaction()) await execute(ROLLBACK_MESSAGE, null);
      },
    });
    void runWaiting();
  }

  /** @param {Connection} connection @param {Buffer} message */
  function begin(connection, message) {
    const code = message.readInt32BE(4);
    if (code === SSL_REQUEST) connection.socket.write('N');
    else if (code === CANCEL_REQUEST) connection.socket.end();
    else {
      connection.started = true;
      connection.turn.push(message);
      takeTurn(connection, true);
    }
  }

  /** @param {Connection} connection @param {Buffer} message */
  function accept(connection, message) {
    if (!connection.started) return begin(connection, message);
    const type = message[0];
    if (type === TERMINATE) return void connection.socket.end();
    connection.turn.push(message);
    if (type === SYNC || type === QUERY || type === FUNCTION_CALL) takeTurn(connection, true);
    else if (type === FLUSH) takeTurn(connection, false);
  }

  /** @param {Connection} connection @param {Buffer} chunk */
  function receive(connection, chunk) {
    connection.read.push(chunk);
    connection.readBytes += chunk.length;
    if (connection.readBytes < connection.needBytes) return;
    let rest = Buffer.concat(connection.read);
    for (;;) {
      const typeBytes = connection.started ? 1 : 0;
      connection.needBytes = rest.length < typeBytes + 4 ? typeBytes + 4 : typeBytes + rest.readInt32BE(typeBytes);
      if (rest.length < connection.needBytes) break;
      accept(connection, rest.subarray(0, connection.needBytes));
      rest = rest.subarray(connection.needBytes);
    }
    connection.read = [rest];
    connection.readBytes = rest.length;
  }

  /**
   * Runs work of our own between two transactions.
   * @param {() => Promise<void>} work @returns {Promise<void>}
   */
  const runAlone = (work) =>
    new Promise((resolve, reject) => {
      waiting.push({ connection: null, endsSequence: true, run: () => work().then(resolve, reject) });
      void runWaiting();
    });

  const server = createServer((socket) => {
    /** @type {Connection} */
    const connection = { socket, started: false, gone: false, read: [], readBytes: 0, needBytes: 0, turn: [] };
    connections.add(connection);
    socket.on('data', (chunk) => receive(connection, chunk));
    socket.on('error', () => leave(connection));
    socket.on('close', () => leave(connection));
  });

  return {
    /** @param {string} path of the Unix socket @returns {Promise<void>} */
    listen: (path) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, () => resolve());
      }),

    runAlone,

    /** Ends every connection, rolls back what they left open, and stops listening. */
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        for (const { socket } of connections) socket.destroy();
      });
      await runAlone(async () => {});
    },
  };
}

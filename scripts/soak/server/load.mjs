// @ts-check
/** A load of honest requests: so many connections, each of which asks again as soon as it is answered. */
import { request } from 'node:http';

/**
 * The outcome of a load: milliseconds of each answer, the number of answers with the right digit, and faults.
 * @typedef {{ latencies: number[], right: number, faults: string[] }} Load
 */

/**
 * @param {number} port
 * @param {import('node:http').Agent} agent
 * @param {import('./honest-requests.mjs').HonestRequest} honest
 * @returns {Promise<{ status: number, text: string }>}
 */
function ask(port, agent, { type, body }) {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': type, 'Content-Length': body.length };
    const asking = request({ port, agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

/**
 * Sends `count` requests, those of `honest` in turn.
 * @param {number} port
 * @param {readonly import('./honest-requests.mjs').HonestRequest[]} honest
 * @param {{ count: number, connections: number, agent: import('node:http').Agent, onAnswer?: (done: number) => void }} options
 * @returns {Promise<Load>}
 */
export async function load(port, honest, { count, connections, agent, onAnswer = () => {} }) {
  /** @type {Load} */
  const result = { latencies: [], right: 0, faults: [] };
  let sent = 0;
  const work = async () => {
    while (sent < count) {
      const one = honest[sent++ % honest.length];
      const start = performance.now();
      try {
        const { status, text } = await ask(port, agent, one);
        if (status !== 200) result.faults.push(`an honest ${one.type} was answered ${status} (${text.trim()})`);
        else if (JSON.parse(text).digit === one.label) result.right++;
      } catch (error) {
        result.faults.push(`an honest ${one.type} was not answered: ${error}`);
      }
      result.latencies.push(performance.now() - start);
      onAnswer(result.latencies.length);
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return result;
}

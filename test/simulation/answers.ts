import type { Reply } from './models/providerModel';
import type { Answer } from './world';

const page = (text: string) => `<html><head><title>${text}</title></head></html>`;
const html = { 'content-type': 'text/html' };

/** What stands between the node and the provider, or in its place, answers. */
export const gateways: Record<string, Reply> = {
	page502: { status: 502, headers: html, body: page('502 Bad Gateway') },
	page503: { status: 503, headers: html, body: page('Application error') },
	json503: { status: 503, body: { message: 'Service Unavailable' } },
	page504: { status: 504, headers: html, body: page('504 Gateway Time-out') },
	page520: {
		status: 520,
		headers: html,
		body: page('520: Web server is returning an unknown error'),
	},
	page522: { status: 522, headers: html, body: page('522: Connection timed out') },
	empty404: { status: 404, body: '' },
	text404: { status: 404, body: 'default backend - 404' },
	json404: { status: 404, body: { message: 'no Route matched with those values' } },
	redirect302: { status: 302, headers: { location: 'https://example.com/elsewhere' }, body: '' },
	redirect303: { status: 303, headers: { location: 'https://example.com/result' }, body: '' },
	page403: { status: 403, headers: html, body: page('Attention Required!') },
	page200: { status: 200, headers: html, body: page('Sign in') },
	empty200: { status: 200, body: '' },
	status408: { status: 408, body: '' },
	status410: { status: 410, body: '' },
};

/** Errors of Node's HTTP client, as n8n throws them. */
export const failures: Record<string, { code: string; message: string; syscall?: string }> = {
	reset: { code: 'ECONNRESET', message: 'socket hang up' },
	notConnected: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED', syscall: 'connect' },
	timeout: { code: 'ECONNABORTED', message: 'timeout exceeded' },
	cancelled: { code: 'ERR_CANCELED', message: 'canceled' },
};
export const failure = (name: string) =>
	Object.assign(new Error(failures[name].message), { ...failures[name], isAxiosError: true });

/** Answers that are only given before anything is carried out, or after it. */
export const completesBefore = ['own500', 'own429'];
/** Answers with which the provider refuses. */
export const refusals = ['own401', 'own403', 'own429', 'page403', 'emptyListAnd401'];

export const isReply = (one: Answer): one is Extract<Answer, object> => typeof one === 'object';

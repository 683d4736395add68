import { randomUUID } from 'node:crypto';
import { type Owner, ownerFile, ownerOf } from './owner';

/**
 * One call to n8n's own interface.
 * @throws Error with n8n's answer, unless it is 2xx
 */
export type Rest = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** n8n binds a session to the browser that opened it, so every call carries the same browser id. */
export function session(url: string): Rest {
	let cookie = '';
	const browser = randomUUID();
	return async <T>(method: string, address: string, body?: unknown): Promise<T> => {
		const response = await fetch(`${url}/rest${address}`, {
			method,
			headers: {
				'browser-id': browser,
				'content-type': 'application/json',
				// A busy n8n closes a connection that it has kept while the next request is on its way.
				connection: 'close',
				...(cookie ? { cookie } : {}),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) {
			throw new Error(`n8n answered ${response.status} to ${method} ${address}: ${text}`);
		}
		const cookies = response.headers.getSetCookie().map((entry) => entry.split(';')[0]);
		if (cookies.length > 0) cookie = cookies.join('; ');
		return (JSON.parse(text) as { data: T }).data;
	};
}

/**
 * Signs in; the owner is set up if there is none.
 * @throws Error with what to do, if n8n does not take the password that the home keeps
 */
export async function signIn(url: string, rest: Rest, userFolder: string): Promise<void> {
	const owner = ownerOf(userFolder);
	const settings = (await (await fetch(`${url}/rest/settings`)).json()) as {
		data: { userManagement: { showSetupOnFirstLoad?: boolean } };
	};
	if (settings.data.userManagement.showSetupOnFirstLoad) await rest('POST', '/owner/setup', owner);
	await logIn(rest, owner).catch((cause: unknown) => {
		throw new Error(
			`n8n does not take the password that ${ownerFile(userFolder)} keeps: was it changed in n8n? ` +
				'Write the new one into that file, or begin anew with npm start -- --fresh.',
			{ cause },
		);
	});
}

async function logIn(rest: Rest, { email, password }: Owner): Promise<void> {
	await rest('POST', '/login', { emailOrLdapLoginId: email, password });
}

/** Before the port is open, and while the database is prepared, this is no answer or a 503. */
export const answers = async (url: string): Promise<boolean> =>
	await fetch(`${url}/healthz/readiness`).then(
		({ ok }) => ok,
		() => false,
	);

/** Whether n8n serves its editor. */
export async function isUp(url: string): Promise<boolean> {
	return (await answers(url)) && (await isServing(url));
}

async function isServing(url: string): Promise<boolean> {
	const response = await fetch(`${url}/rest/settings`);
	return response.ok && (response.headers.get('content-type') ?? '').includes('json');
}

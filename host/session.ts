import { randomUUID } from 'node:crypto';
import { type Owner, ownerFile, ownerOf } from './owner';

/**
 * One call to n8n's REST API.
 * @throws Error with n8n's response unless its status is 2xx
 */
export type Rest = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** n8n binds a session to a browser, so every call sends the same browser ID. */
export function session(url: string): Rest {
	let cookie = '';
	const browser = randomUUID();
	return async <T>(method: string, address: string, body?: unknown): Promise<T> => {
		const response = await fetch(`${url}/rest${address}`, {
			method,
			headers: {
				'browser-id': browser,
				'content-type': 'application/json',
				// A busy n8n may close a kept-alive connection while the next request is in flight.
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
 * Signs in; creates the owner if there is none.
 * @throws Error with instructions if n8n rejects the saved password
 */
export async function signIn(url: string, rest: Rest, userFolder: string): Promise<void> {
	const owner = ownerOf(userFolder);
	const settings = (await (await fetch(`${url}/rest/settings`)).json()) as {
		data: { userManagement: { showSetupOnFirstLoad?: boolean } };
	};
	if (settings.data.userManagement.showSetupOnFirstLoad) await rest('POST', '/owner/setup', owner);
	await logIn(rest, owner).catch((cause: unknown) => {
		throw new Error(
			`n8n rejects the password in ${ownerFile(userFolder)}. If you changed it in n8n, write the new ` +
				'one into that file; or delete the n8n data with npm start -- --fresh.',
			{ cause },
		);
	});
}

async function logIn(rest: Rest, { email, password }: Owner): Promise<void> {
	await rest('POST', '/login', { emailOrLdapLoginId: email, password });
}

/** Until the database is ready, n8n does not respond or responds with 503. */
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

import { setTimeout as wait } from 'node:timers/promises';
import { formAuthorization } from '../../host/formCredentials';
import type { Execution } from '../../host/n8n';
import type { Owner } from '../../host/owner';
import type { N8nSession } from '../../host/server';

/** A visitor's session with a form of several pages. */
export interface FormSession {
	executionId: string;
	/** HTML of the current page. */
	page(): Promise<string>;
	choose(value: string): Promise<void>;
	/** Confirms the last page and waits for the end of the execution. */
	finish(): Promise<Execution>;
}

/** Client of an n8n's webhooks and forms. */
export function createFormClient(n8n: N8nSession, owner: Owner) {
	const basic = formAuthorization(owner);

	/** Waits until an execution waits for input. */
	async function untilWaiting(executionId: string): Promise<Execution> {
		for (;;) {
			const { status } = await n8n.rest<{ status: string }>('GET', `/executions/${executionId}`);
			if (status === 'waiting') return await n8n.execution(executionId);
			if (!['new', 'running'].includes(status)) {
				const { lastNodeExecuted, message } = await n8n.execution(executionId);
				throw new Error(`It does not wait: ${status} in "${lastNodeExecuted}", ${message}`);
			}
			await wait(100);
		}
	}

	/** Waits for one execution more than `before`. @returns its ID */
	async function untilStarted(workflowId: string, before: number): Promise<string> {
		for (;;) {
			const executions = await n8n.executions(workflowId);
			if (executions.length > before) return executions[0].id;
			await wait(100);
		}
	}

	/** CallMode a webhook of an active workflow with its key. */
	async function call(webhook: string, body: unknown, key = owner.password): Promise<number> {
		const response = await fetch(`${n8n.url}/webhook/${webhook}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-webhook-key': key },
			body: JSON.stringify(body),
		});
		return response.status;
	}

	/** Fills in a form page as a browser does. */
	async function submit(url: string, values: string[]): Promise<string> {
		const body = new FormData();
		values.forEach((value, index) => body.append(`field-${index}`, value));
		const headers = { authorization: basic };
		const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
		const text = await response.text();
		if (response.status >= 400) throw new Error(`The form answered ${response.status}: ${text}`);
		return text;
	}

	return {
		untilWaiting,
		call,
		submit,
		/** CallMode a webhook. @returns the ID of its execution */
		async called(workflowId: string, webhook: string, body: unknown): Promise<string> {
			const before = (await n8n.executions(workflowId)).length;
			expect(await call(webhook, body)).toBe(200);
			return await untilStarted(workflowId, before);
		},
		/** The statuses of a form for a visitor who is not signed in. */
		async anonymousStatuses(path: string, values: string[]): Promise<number[]> {
			const form = `${n8n.url}/form/${path}`;
			const body = new FormData();
			values.forEach((value, index) => body.append(`field-${index}`, value));
			return [(await fetch(form)).status, (await fetch(form, { method: 'POST', body })).status];
		},
		/** Opens a form and fills in its first page. @param path path of the form. Default: the workflow's ID */
		async openForm(workflowId: string, values: string[], path = workflowId): Promise<FormSession> {
			await n8n.activate(workflowId);
			const before = (await n8n.executions(workflowId)).length;
			const form = `${n8n.url}/form/${path}`;
			// n8n registers the form shortly after the activation.
			while ((await fetch(form)).status === 404) await wait(100);
			const answer = await submit(form, values);
			const { formWaitingUrl: url } = JSON.parse(answer) as { formWaitingUrl: string };
			const executionId = await untilStarted(workflowId, before);
			const page = async () => {
				await untilWaiting(executionId);
				return await (await fetch(url)).text();
			};
			return {
				executionId,
				page,
				async choose(value) {
					await untilWaiting(executionId);
					await submit(url, [value]);
				},
				async finish() {
					await page();
					await submit(url, []);
					return await n8n.finished(executionId);
				},
			};
		},
	};
}

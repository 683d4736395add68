import { ask, ownSandbox } from './start';

const own = ownSandbox();

const parameters = {
	type: 'object',
	properties: {
		Subscription_ID: { type: 'string' },
		Reason: { type: 'string' },
		Plan_Token: { type: 'string' },
	},
};
const cancelTool = { type: 'function', name: 'cancel', parameters };
const user = { role: 'user', content: 'Please cancel sub_ben today.' };
const toolOutput = (output: string) => ({
	type: 'function_call_output',
	call_id: 'call_1',
	output,
});
const preview = toolOutput(
	'[{"response":"{\\"outcome\\":\\"preview\\",\\"planToken\\":\\"plan-7\\"}"}]',
);
const usedToken = { type: 'function_call', name: 'cancel', arguments: '{"Plan_Token":"plan-7"}' };

const respond = async (input: unknown, more: object = { tools: [cancelTool] }) =>
	await ask(own.sandbox, 'POST', '/openai/v1/responses', {
		json: { model: 'sandbox-agent', input, ...more },
	});
type Response = Awaited<ReturnType<typeof respond>>;
const callIn = ({ body }: Response) => {
	const [{ type, name, arguments: given }] = body.output;
	expect(type).toBe('function_call');
	return [name, JSON.parse(given)];
};
const textIn = ({ body }: Response) => body.output[0].content[0].text;

describe('the scripted model', () => {
	it('calls the tool without a plan token first, with arguments from the prompt', async () => {
		const response = await respond([{ role: 'system', content: 'Be careful.' }, user]);
		expect(callIn(response)).toEqual(['cancel', { Subscription_ID: 'sub_ben', Reason: '' }]);
	});

	it('accepts a prompt as plain text', async () => {
		expect(callIn(await respond(user.content))[1]).toMatchObject({ Subscription_ID: 'sub_ben' });
	});

	it('prefers a tool that previews, whatever the order of the tools', async () => {
		const tool = (name: string, more: object = parameters) => ({
			...cancelTool,
			name,
			parameters: more,
		});
		const find = tool('find', { type: 'object', properties: { Email: { type: 'string' } } });
		const first = async (...tools: object[]) => callIn(await respond([user], { tools }))[0];
		expect(await first(find, tool('cancel'))).toBe('cancel');
		expect(await first(find, tool('cancel'), tool('Preview_it', {}))).toBe('Preview_it');
		expect(await first(find)).toBe('find');
	});

	it('calls the tool again with the plan token of the preview', async () => {
		expect(callIn(await respond([user, preview]))).toEqual([
			'cancel',
			{ Subscription_ID: 'sub_ben', Reason: '', Plan_Token: 'plan-7' },
		]);
	});

	it('reports the outcome after the token has been used', async () => {
		const done = toolOutput('{"outcome":"scheduled"}');
		const response = await respond([user, preview, usedToken, done]);
		expect(textIn(response)).toBe('The tool reported the outcome "scheduled".');
		expect(textIn(await respond([user, preview, usedToken, preview]))).toContain('preview');
	});

	it('starts again with each message of the user', async () => {
		const next = { role: 'user', content: [{ type: 'input_text', text: 'And sub_ada, please.' }] };
		expect(callIn(await respond([user, preview, next]))).toEqual([
			'cancel',
			{ Subscription_ID: 'sub_ada', Reason: '' },
		]);
	});

	it('follows a script that a control request sets', async () => {
		const script = {
			arguments: { Subscription_ID: 'sub_kim' },
			carryOut: false,
			final: 'I would: {outcome}',
		};
		await ask(own.sandbox, 'PUT', '/_control/openai', { json: script });
		expect(callIn(await respond([user]))[1]).toMatchObject({ Subscription_ID: 'sub_kim' });
		expect(textIn(await respond([user, preview]))).toBe('I would: preview');
		const { body: model } = await ask(own.sandbox, 'GET', '/_control/openai');
		expect(model.requests).toHaveLength(2);
	});

	it('says so when the request has no tools', async () => {
		expect(textIn(await respond([user], {}))).toContain('No tool is offered');
	});

	it('streams the same response as events', async () => {
		const { type, text } = await respond([user], { tools: [cancelTool], stream: true });
		expect(type).toContain('text/event-stream');
		const events = text
			.split('\n\n')
			.filter(Boolean)
			.map((event) => JSON.parse(event.split('\ndata: ')[1]));
		const last = events.at(-1);
		expect(last.type).toBe('response.completed');
		expect(last.response.output[0]).toMatchObject({ type: 'function_call', name: 'cancel' });
		expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, n) => n));
	});

	it('lists its model', async () => {
		const { body } = await ask(own.sandbox, 'GET', '/openai/v1/models');
		expect(body.data).toMatchObject([{ id: 'sandbox-agent' }]);
	});
});

import type { IDataObject, INodeType } from 'n8n-workflow';

import { startProcess, type EngineProcess } from '../engineProcess';
import { Network } from '../network';
import { randomFrom, VirtualTime } from '../virtualTime';
import type { Customer } from '../world';
import type { Arrival, CustomerEnd, Poll, StartedExecution, TriggerHistory } from './history';
import {
	hookContext,
	pollContext,
	webhookContext,
	WebhookResponse,
	type TriggerHostSetting,
} from './host';
import { FirstPromoterSource } from './sources/firstPromoter';
import { FunnelFoxSource } from './sources/funnelFox';
import { ReditusSource } from './sources/reditus';
import { SmokeballSource } from './sources/smokeball';
import type { Delivery, Source } from './sources/source';
import type { DeliveryFault, SourceChange, TriggerWorld } from './world';

const sources = {
	funnelFox: FunnelFoxSource,
	firstPromoter: FirstPromoterSource,
	reditus: ReditusSource,
	smokeball: SmokeballSource,
};

const dayMs = 86_400_000;
/** Longer than the redeliveries of any provider that still matter. */
const worldMs = 60 * dayMs;
/** How long polls go on after the last change, so that failed ones are made up for. */
const pollsAfterMs = 8 * 60_000;
/** How long polls may fail. */
const pollsFailMs = 4 * 3_600_000;
/** The longest Retry-After that a provider means. */
const quietMs = 20 * 60_000;
/** Milliseconds on the way of a delivery. */
const wayMs = 20;

/** Another customer, who leaves when all is over. */
const spare: Customer = {
	state: 'running',
	endsInDays: 30,
	sharesEmailWith: null,
	emailInCapitals: false,
	quirk: 'none',
};

let worldsSoFar = 0;

const copy = (data: IDataObject) => JSON.parse(JSON.stringify(data)) as IDataObject;

class TriggerSimulation {
	private readonly number = worldsSoFar++;
	private readonly time = new VirtualTime();
	private readonly source: Source;
	private readonly network: Network;
	private readonly random: () => number;
	private readonly programs: EngineProcess[] = [];
	private program!: EngineProcess;
	private node!: INodeType;
	/** What n8n has saved of the node, and what a running process of it holds for polls. */
	private saved: IDataObject = {};
	private live: IDataObject = {};
	private readonly responses = new Map<WebhookResponse, () => void>();
	private readonly isOver: boolean[];
	private readonly hadLeft: boolean[];
	private readonly shownUntil: number[] = [];
	private open = 0;
	private deliveries = 0;
	private starts = 0;
	private isSound = false;
	private polling = false;
	private pollsUntil = 0;
	private error?: Error;
	private readonly ends: CustomerEnd[] = [];
	private readonly arrivals: Arrival[] = [];
	private readonly polls: Poll[] = [];
	private readonly executions: StartedExecution[] = [];
	private readonly words: string[] = [];

	constructor(private readonly world: TriggerWorld) {
		const setting = { ...world, customers: [...world.customers, spare] };
		const { time } = this;
		this.source = new sources[world.provider](setting, time);
		const former = new sources[world.provider](setting, time);
		this.network = new Network(world, this.source, former, time);
		this.random = randomFrom(world.seed);
		this.isOver = setting.customers.map(({ state }) => state !== 'running');
		this.hadLeft = setting.customers.map(({ state }) => state !== 'running');
	}

	async run(): Promise<TriggerHistory> {
		const { world, time, source, network } = this;
		this.startProgram();
		let isActive = false;
		void this.activate().then(() => (isActive = true), this.fail);
		await time.passUntil(() => isActive || this.error !== undefined, dayMs);
		this.checkSimulation();
		for (const change of world.changes) {
			const { atMs, customer } = change;
			const isKnown = !['unknown', 'never'].includes(world.customers[customer].state);
			if (isKnown) this.plan(atMs, () => this.happen(change));
		}
		for (const atMs of world.crashesAtMs) this.plan(atMs, () => this.crash());
		this.pollsUntil = time.now + Math.max(...world.changes.map((one) => one.atMs + one.lagMs));
		this.pollsUntil += pollsAfterMs;
		const ending = await time.passUntil(
			() => (this.open === 0 && !this.mustPoll()) || this.error !== undefined,
			worldMs,
		);
		this.checkSimulation();
		const { ends, arrivals, polls, executions, words } = this;
		const history: TriggerHistory = {
			...{ world, source, network, ends, arrivals, polls, executions, words, ending },
		};
		if (ending === 'done') history.afterwards = await this.endAfterwards();
		return history;
	}

	release(): void {
		for (const program of this.programs) program.release();
	}

	private readonly fail = (error: unknown): void => void (this.error ??= error as Error);

	private checkSimulation(): void {
		if (this.error) throw this.error;
	}

	private plan(ms: number, act: () => void): void {
		this.open++;
		this.time.after(ms, () => {
			this.open--;
			act();
		});
	}

	private startProgram(): void {
		const { world } = this;
		this.program = startProcess(this.programs.length, this.time, world.seed);
		this.programs.push(this.program);
		this.program.setClock(world.clockErrorMs);
		this.node = this.program.trigger(this.source.triggerName);
		this.live = copy(this.saved);
	}

	private crash(): void {
		this.program.kill();
		for (const lose of this.responses.values()) lose();
		this.responses.clear();
		this.startProgram();
		if (this.node.poll) this.pollRepeatedly(this.program);
	}

	private setting(data: IDataObject): TriggerHostSetting {
		const { source, network, program, node, number, world } = this;
		const log = (line: string) => void this.words.push(line);
		const { wantsRestored } = world;
		return { source, network, program, node, wantsRestored, world: number, data, log };
	}

	/** Polls until the first one succeeds, or has the webhook created. */
	private async activate(): Promise<void> {
		const { node } = this;
		if (node.poll) {
			while ((await this.pollOnce(this.program)) === undefined) await this.wait(60_000);
			this.saved = copy(this.live);
			this.pollRepeatedly(this.program);
			return;
		}
		const data = copy(this.saved);
		const context = hookContext(this.setting(data));
		const { checkExists, create } = node.webhookMethods!.default!;
		if (!(await checkExists.call(context))) await create.call(context);
		this.saved = copy(data);
	}

	private wait = async (ms: number) => await new Promise<void>((wake) => this.time.after(ms, wake));

	private mustPoll(): boolean {
		const [last] = this.polls.filter(({ endedAt }) => endedAt !== undefined).slice(-1);
		const isLate = this.time.now > this.pollsUntil + pollsFailMs;
		return this.node.poll !== undefined && (last?.at ?? 0) < this.pollsUntil && !isLate;
	}

	/** n8n begins a poll although the last one has not ended. */
	private pollRepeatedly(program: EngineProcess): void {
		this.time.after(this.world.pollEveryMs, () => {
			if (!program.isAlive()) return;
			if (this.mustPoll() || this.polling) void this.pollOnce(program).catch(this.fail);
			this.pollRepeatedly(program);
		});
	}

	/** @returns undefined where the poll has failed */
	private async pollOnce(program: EngineProcess): Promise<IDataObject[] | undefined> {
		const { time, live, node } = this;
		const poll: Poll = { at: time.now };
		this.polls.push(poll);
		try {
			const outputs = await node.poll!.call(pollContext(this.setting(live)));
			const items = (outputs?.[0] ?? []).map(({ json }) => json);
			Object.assign(poll, { endedAt: time.now, items: items.length });
			if (!program.isAlive() || items.length === 0) return items;
			this.saved = copy(live);
			this.executions.push({ at: time.now, items });
			return items;
		} catch (error) {
			poll.failed = (error as Error).message;
			this.words.push(poll.failed);
			return undefined;
		}
	}

	/** A customer leaves or comes back. */
	private happen(change: SourceChange): CustomerEnd | undefined {
		const { customer, kind, byApi, lagMs } = change;
		const { time, source } = this;
		const isEnd = kind !== 'reactivated';
		// A customer does the next thing once the record shows the last one.
		const isBusy = time.now <= (this.shownUntil[customer] ?? 0);
		if (isBusy || this.isOver[customer] === isEnd) return undefined;
		this.isOver[customer] = isEnd;
		const at = time.now;
		const shownAt = Math.max(at + lagMs, this.shownUntil[customer] ?? 0);
		this.shownUntil[customer] = shownAt;
		if (shownAt === at) source.show(change, at);
		else this.plan(shownAt - at, () => source.show(change, at));
		const end = isEnd ? this.endOf(change) : undefined;
		if (end) this.ends.push(end);
		else this.comeBack(customer);
		for (const delivery of source.deliveriesOf({ ...change, byApi })) {
			this.plan(delivery.afterMs, () => this.deliver(delivery, end, 0));
		}
		return end;
	}

	private endOf(change: SourceChange): CustomerEnd {
		const { customer, byApi } = change;
		return {
			...{ customer, byApi, at: this.time.now, stays: true, isGivenUp: false },
			endsAt: this.source.endOf(change),
			isRepeated: this.hadLeft[customer],
		};
	}

	private comeBack(customer: number): void {
		this.hadLeft[customer] = true;
		for (const end of this.ends) if (end.customer === customer) end.stays = false;
	}

	private deliveryFault(): DeliveryFault | undefined {
		const count = this.deliveries++;
		if (this.isSound) return undefined;
		return this.world.deliveryFaults.find(({ nth, times }) => nth <= count && count < nth + times);
	}

	/** @param attempt undefined: a repetition that the provider does not keep account of */
	private deliver(delivery: Delivery, end: CustomerEnd | undefined, attempt?: number): void {
		const fault = attempt === undefined ? undefined : this.deliveryFault();
		const again = () => {
			if (attempt === undefined) return;
			const ms = this.source.redeliverAfter(attempt, this.random);
			if (ms !== undefined) this.plan(ms, () => this.deliver(delivery, end, attempt + 1));
			else if (end) end.isGivenUp = true;
		};
		if (fault?.kind === 'repeated') this.plan(fault.ms, () => this.deliver(delivery, end));
		if (fault?.kind === 'lost') return again();
		const lateMs = fault?.kind === 'late' ? fault.ms : 0;
		this.plan(wayMs + lateMs, () => this.arrive(delivery, { attempt, fault, again }));
	}

	private arrive(
		delivery: Delivery,
		{ attempt, fault, again }: { attempt?: number; fault?: DeliveryFault; again: () => void },
	): void {
		const { time } = this;
		const { eventId, customer } = delivery;
		const arrival: Arrival = { at: time.now, eventId, customer, attempt: attempt ?? -1 };
		if (fault) arrival.fault = fault.kind;
		this.arrivals.push(arrival);
		const response = new WebhookResponse();
		let isSettled = false;
		this.open++;
		const settle = (isTaken: boolean) => {
			if (isSettled) return;
			isSettled = true;
			this.open--;
			this.responses.delete(response);
			if (!isTaken) again();
		};
		this.responses.set(response, () => settle(false));
		const hangUp = () => {
			response.hangUp();
			settle(false);
		};
		response.once('finish', () => {
			Object.assign(arrival, { status: response.statusCode, finishedAt: time.now });
			settle(response.statusCode < 300 && fault?.kind !== 'answerLost');
		});
		time.after(this.source.patienceMs, () => !isSettled && hangUp());
		if (fault?.kind === 'hangsUp') time.after(fault.ms, () => !isSettled && hangUp());
		void this.receive(delivery, response, arrival).catch(this.fail);
	}

	/** What n8n 2 does with a delivery, in its order. */
	private async receive(
		delivery: Delivery,
		response: WebhookResponse,
		arrival: Arrival,
	): Promise<void> {
		const { program, node, time } = this;
		const data = copy(this.saved);
		try {
			const context = webhookContext(this.setting(data), delivery, response);
			const result = await node.webhook!.call(context);
			if (!program.isAlive()) return;
			const items = result.workflowData?.[0];
			if (items) {
				await this.wait(this.world.startMs);
				if (!program.isAlive()) return;
				if (this.cannotStart()) throw new Error('The execution could not be created.');
				this.executions.push({ at: time.now, items: items.map(({ json }) => json), arrival });
			}
			this.saved = copy(data);
			arrival.reason = result.webhookResponse ?? response.sent;
			if (!result.noWebhookResponse) response.finish(200);
		} catch (error) {
			arrival.reason = (error as Error).message;
			response.finish(500);
		}
		this.words.push(JSON.stringify(arrival.reason ?? ''));
	}

	private cannotStart(): boolean {
		const count = this.starts++;
		if (this.isSound) return false;
		return this.world.startFaults.some(({ nth, times }) => nth <= count && count < nth + times);
	}

	/** When all is over, another customer leaves, and nothing goes wrong. */
	private async endAfterwards(): Promise<TriggerHistory['afterwards']> {
		const { time, executions, source } = this;
		this.isSound = true;
		this.network.heal();
		let isQuiet = false;
		time.after(quietMs, () => (isQuiet = true));
		await time.passUntil(() => isQuiet, quietMs);
		this.polling = true;
		const customer = this.isOver.length - 1;
		const change = { atMs: 0, customer, kind: 'cancelled', byApi: false, lagMs: 0 } as const;
		const end = this.happen(change)!;
		const names = source.namesOf(customer);
		const isTold = () =>
			this.open === 0 &&
			executions.some(({ items }) => items.some(({ target }) => names.includes(String(target))));
		return { end, ending: await time.passUntil(isTold, quietMs) };
	}
}

/** Lives a world with a trigger through. */
export async function runTriggerWorld(world: TriggerWorld): Promise<TriggerHistory> {
	if (process.env.TZ !== world.serverZone) process.env.TZ = world.serverZone;
	const simulation = new TriggerSimulation(world);
	try {
		return await simulation.run();
	} finally {
		simulation.release();
	}
}

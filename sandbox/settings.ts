import { type ProviderName, providerNamed } from './providerNames';

/**
 * Behaviour that a provider's documents leave open: possible values by name. The first value is the
 * default.
 */
export type Assumptions = Record<string, readonly [string, ...string[]]>;

/** The settings of a provider, with their defaults. */
export interface SettingDefinitions {
	/** Non-negative numbers by name; names that end in `Ms` are in ms. */
	numbers?: Record<string, number>;
	assumptions?: Assumptions;
}

/** Changes to a provider's settings: numbers by name, and `assumptions`. */
export interface SettingsChange {
	assumptions?: Record<string, string>;
	[number: string]: number | Record<string, string> | undefined;
}

interface ProviderSettings {
	definitions: Required<SettingDefinitions>;
	numbers: Record<string, number>;
	assumptions: Record<string, string>;
}

/** The settings of all providers. */
export class Settings {
	private readonly byProvider = new Map<ProviderName, ProviderSettings>();

	declare(provider: ProviderName, { numbers = {}, assumptions = {} }: SettingDefinitions): void {
		this.byProvider.set(provider, {
			definitions: { numbers, assumptions },
			...defaultsOf({ numbers, assumptions }),
		});
	}

	/** Restores the defaults. */
	clear(): void {
		for (const held of this.byProvider.values()) Object.assign(held, defaultsOf(held.definitions));
	}

	/** @throws RangeError for a name or a value that the provider does not know. */
	set(provider: string, change: SettingsChange): void {
		const held = this.of(providerNamed(provider));
		const { assumptions = {}, ...numbers } = change;
		for (const name of Object.keys(numbers)) {
			assertKnown(name, Object.keys(held.definitions.numbers), `setting of ${provider}`);
		}
		for (const [name, value] of Object.entries(assumptions)) {
			assertKnown(name, Object.keys(held.definitions.assumptions), `assumption of ${provider}`);
			assertKnown(value, held.definitions.assumptions[name], `value of ${name}`);
		}
		Object.assign(held.numbers, numbers);
		Object.assign(held.assumptions, assumptions);
	}

	number(provider: ProviderName, name: string): number {
		return valueOf(this.of(provider).numbers, name);
	}

	/** The current value, e.g. `exact` for `emailMatch`. */
	assumption(provider: ProviderName, name: string): string {
		return valueOf(this.of(provider).assumptions, name);
	}

	/** Current values, and the possible values of each assumption. */
	list(): Record<ProviderName, object> {
		return Object.fromEntries(
			[...this.byProvider].map(([name, { numbers, assumptions, definitions }]) => [
				name,
				{ ...numbers, assumptions, choices: definitions.assumptions },
			]),
		);
	}

	private of(provider: ProviderName): ProviderSettings {
		return valueOf(Object.fromEntries(this.byProvider), provider);
	}
}

function defaultsOf({ numbers, assumptions }: Required<SettingDefinitions>) {
	return {
		numbers: { ...numbers },
		assumptions: Object.fromEntries(
			Object.entries(assumptions).map(([name, [first]]) => [name, first]),
		),
	};
}

function assertKnown(name: string, names: readonly string[], what: string): void {
	if (names.includes(name)) return;
	throw new RangeError(`No ${what} "${name}"; there are ${names.join(', ') || 'none'}`);
}

function valueOf<T>(values: Record<string, T>, name: string): T {
	if (!Object.hasOwn(values, name)) throw new RangeError(`No setting "${name}"`);
	return values[name];
}

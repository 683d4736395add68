import type { INodePropertyMode } from 'n8n-workflow';

import type { Field, FieldProperty } from '../contract/field';
import { emailField, identifierField, type IdentifierRules } from './identifier';
import { isEmail } from './string';

/** A way to name the target other than by its ID. */
export interface LookupMode {
	/** The mode as the panel shows it: "By Email", a placeholder, and what the lookup does. */
	property: { displayName: string; placeholder: string; hint?: string };
	/** Parses the mode's value. */
	field: Field<string>;
}

export interface LocatorConfig extends IdentifierRules {
	/** The node's method that fills the list. */
	searchListMethod: string;
	/** "e.g. sub_01J9…" */
	placeholder: string;
	/** Advice for an e-mail address in the place of an ID, where no mode takes one. */
	alternative?: string;
	/** By the mode's name. */
	lookupModes?: Record<string, LookupMode>;
}

/** A resource locator: from a list, by the lookup modes, and by ID. */
export function resourceLocatorField(
	property: Omit<FieldProperty, 'type' | 'default' | 'modes'>,
	config: LocatorConfig,
): Field<string> {
	const { searchListMethod, placeholder, idForm, check, lookupModes = {} } = config;
	const { alternative = 'look it up first' } = config;
	const lookups = Object.entries(lookupModes);
	const byEmail = lookups.find(([mode]) => mode === 'email')?.[1].property.displayName;
	const advice = byEmail ? `choose "${byEmail}"` : alternative;
	const field = identifierField(
		{
			...property,
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod, searchable: true },
				},
				...lookups.map(([name, mode]): INodePropertyMode => lookupProperty(name, mode)),
				{ displayName: 'By ID', name: 'id', type: 'string', placeholder },
			],
		},
		{
			idForm,
			check: (id) => (isEmail(id) ? `is an e-mail address, not an ID: ${advice}.` : check?.(id)),
		},
	);
	const fields = lookups.map(([name, mode]): [string, Field<string>] => [name, mode.field]);
	return { ...field, lookupModes: Object.fromEntries(fields) };
}

const lookupProperty = (name: string, { property }: LookupMode): INodePropertyMode => ({
	name,
	...property,
	type: 'string',
});

/** The only value of the field that previews a lookup: there is nothing to choose. */
export const matchPreviewValue = 'found';

/**
 * Shown under a locator whose value is fixed and not an ID.
 * @param locator the locator's name
 * @param dependsOn other fields that decide which record the lookup finds
 */
export const matchPreviewField = (locator: string, dependsOn: string[]): FieldProperty => ({
	displayName: 'Finds',
	type: 'options',
	noDataExpression: true,
	default: matchPreviewValue,
	description: 'What this finds right now. For information only: each run searches again.',
	typeOptions: {
		loadOptionsMethod: 'found',
		loadOptionsDependsOn: [`${locator}.mode`, `${locator}.value`, ...dependsOn],
	},
});

/**
 * Shown under a fixed target: what the record query of the operation reads.
 * @param dependsOn the fields that decide what is read, and how
 */
export const recordPreviewField = (dependsOn: string[]): FieldProperty => ({
	displayName: 'Record Now',
	type: 'options',
	noDataExpression: true,
	default: matchPreviewValue,
	description: 'What the fields below read right now. For information only: each run reads again.',
	typeOptions: { loadOptionsMethod: 'found', loadOptionsDependsOn: dependsOn },
});

/** The mode in which a customer's e-mail address finds the target. */
export const emailLookup = (hint: string): LookupMode => ({
	property: { displayName: 'By Email', placeholder: 'e.g. ada@example.com', hint },
	field: emailField({ displayName: 'Email', type: 'string', default: '' }),
});

import type { INodeProperties } from 'n8n-workflow';

/** What the parsing of one value may know: `timeZone` is the workflow's, `now` the run's clock. */
export interface ParseContext {
	timeZone: string;
	now: Date;
}

/** The parts of an n8n property that a field declares itself. */
export type FieldProperty = Omit<INodeProperties, 'name' | 'displayOptions'>;

/** One field, declared once: what n8n shows and what its value must be. */
export interface Field<T = unknown> {
	property: FieldProperty;
	/** The collection it sits in; absent: at top level. */
	group?: 'additionalFields' | 'filters' | 'options';
	/** Shown, read and checked only where these other fields have one of these values. */
	showWhen?: Record<string, string[]>;
	/** Shown, read and checked only where this other field is not left empty. */
	showWhenFilled?: string;
	/** A value elsewhere contradicts those other fields: refused instead of left out. */
	rejectElsewhere?: boolean;
	/** May be left empty in the panel; an expression that finds nothing is refused all the same. */
	optional?: boolean;
	/** The panel shows under a fixed value what the operation's record query reads now. */
	previewsRecord?: true;
	/** Of a locator: the modes that are no ID, each with what its value must be. */
	lookupModes?: Record<string, Field<string>>;
	/** @throws Refusal where the value is empty, doubtful or contradictory. */
	parse(raw: unknown, around: ParseContext): T;
}
export type Fields = Record<string, Field>;
export type FieldValues<F extends Fields> = {
	[K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

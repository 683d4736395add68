/** A provider's records by ID and by their other names. */
export class Records<T extends object> {
	private readonly rows = new Map<string, T>();
	private readonly ids = new Map<string, string>();

	/**
	 * @param id the record's ID at the provider
	 * @param otherNames further names (UID, email address); the first record with a name keeps it
	 */
	constructor(
		private readonly id: (record: T) => string,
		private readonly otherNames: (record: T) => Array<string | null | undefined>,
	) {}

	put(record: T): void {
		this.rows.set(this.id(record), record);
		for (const name of this.otherNames(record)) {
			if (name && !this.ids.has(name)) this.ids.set(name, this.id(record));
		}
	}

	get(id: string): T | undefined {
		return this.rows.get(id);
	}

	/** The record with this ID or other name. */
	named(name: string): T | undefined {
		return this.rows.get(name) ?? this.rows.get(this.ids.get(name) ?? '');
	}

	all(): T[] {
		return [...this.rows.values()];
	}

	/** All names of a record, its id first. */
	names(record: T): string[] {
		return [this.id(record), ...this.otherNames(record)].filter((name) => !!name) as string[];
	}

	/** Changes a record in place and updates its names. */
	change(name: string, change: Record<string, unknown>): boolean {
		const record = this.named(name);
		if (!record) return false;
		for (const known of this.otherNames(record)) {
			if (known && this.ids.get(known) === this.id(record)) this.ids.delete(known);
		}
		const formerId = this.id(record);
		Object.assign(record, change);
		if (this.id(record) !== formerId) this.rows.delete(formerId);
		this.put(record);
		return true;
	}

	remove(name: string): boolean {
		const record = this.named(name);
		if (!record) return false;
		for (const known of this.otherNames(record)) {
			if (known && this.ids.get(known) === this.id(record)) this.ids.delete(known);
		}
		return this.rows.delete(this.id(record));
	}

	clear(): void {
		this.rows.clear();
		this.ids.clear();
	}
}

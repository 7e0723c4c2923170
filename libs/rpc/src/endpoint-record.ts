/** Statistics of an endpoint since its start, in the form of the services protocol. */
export class EndpointRecord {
  private requests = 0;
  private errors = 0;
  private lastError = '';
  private totalNs = 0;

  constructor(
    readonly name: string,
    readonly subject: string,
    readonly queue: string | undefined,
  ) {}

  /** @param error the text of the refusal, if that was the answer */
  note(elapsedNs: number, error?: string): void {
    this.requests += 1;
    this.totalNs += elapsedNs;
    if (error === undefined) return;
    this.errors += 1;
    this.lastError = error;
  }

  get info() {
    return { name: this.name, subject: this.subject, ...this.group, metadata: {} };
  }

  get stats() {
    const totalNs = Math.round(this.totalNs);
    return {
      name: this.name,
      subject: this.subject,
      ...this.group,
      num_requests: this.requests,
      num_errors: this.errors,
      last_error: this.lastError,
      processing_time: totalNs,
      average_processing_time: this.requests === 0 ? 0 : Math.round(totalNs / this.requests),
    };
  }

  private get group() {
    return this.queue === undefined ? {} : { queue_group: this.queue };
  }
}

import {
  DescribeServicesCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type ECSClient,
  type Tag,
} from '@aws-sdk/client-ecs';
import { withTimeout } from '../with-timeout.ts';
import { mayPass } from '../errors.ts';
import { sleep, type Clock } from '../../core/time/clock.ts';
import { ACT_LIMIT, CALL_LIMIT } from './times.ts';
import { UserError, errorText } from '../../core/failure.ts';

export interface LeasedService {
  readonly cluster: string;
  readonly name: string;
}

/** Reads, writes and removes tags of a service. Each call has a time limit. */
export class ServiceTags {
  readonly #ecs: ECSClient;
  readonly #clock: Clock;
  readonly #service: LeasedService;
  #serviceArn = '';
  #writtenBy = 0;
  /** The last write. Never rejects. */
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(ecs: ECSClient, clock: Clock, service: LeasedService) {
    this.#ecs = ecs;
    this.#clock = clock;
    this.#service = service;
  }

  /** Must be called before `write` and `remove`. Rejects with UserError. */
  async read(): Promise<readonly Tag[]> {
    const { cluster, name } = this.#service;
    const command = new DescribeServicesCommand({ cluster, services: [name], include: ['TAGS'] });
    const { services } = await withTimeout(this.#clock, CALL_LIMIT, (bound) =>
      this.#ecs.send(command, bound),
    );
    const found = services?.[0];
    if (found?.serviceArn === undefined) throw new UserError(`ECS no longer shows service ${name}.`);
    this.#serviceArn = found.serviceArn;
    return found.tags ?? [];
  }

  /**
   * `null` when written, otherwise why AWS refuses to tag. Rejects with UserError when a retry may
   * succeed.
   */
  write(tag: Tag): Promise<string | null> {
    const writing = this.#write(tag);
    this.#underWay = writing.catch(() => {});
    return writing;
  }

  async #write(tag: Tag): Promise<string | null> {
    const began = this.#clock.now();
    const command = new TagResourceCommand({ resourceArn: this.#serviceArn, tags: [tag] });
    try {
      await withTimeout(this.#clock, CALL_LIMIT, (bound) => this.#ecs.send(command, bound));
      return null;
    } catch (error) {
      const message = errorText(error);
      if (!mayPass(error)) return message;
      this.#writtenBy = began + ACT_LIMIT;
      throw new UserError(message, { cause: error });
    }
  }

  /** Waits until no write can take effect any more, also one that AWS did not answer. */
  async writesEnded(): Promise<void> {
    await this.#underWay;
    const remaining = this.#writtenBy - this.#clock.now();
    if (remaining > 0) await sleep(this.#clock, remaining);
  }

  async remove(tagKeys: readonly string[]): Promise<void> {
    const command = new UntagResourceCommand({ resourceArn: this.#serviceArn, tagKeys: [...tagKeys] });
    await withTimeout(this.#clock, CALL_LIMIT, (bound) => this.#ecs.send(command, bound));
  }
}

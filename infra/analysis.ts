import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import { environment } from '../shared/contract/environment.ts';
import { compiledLists, type SiteSettings } from '../shared/contract/site.ts';
import type { AddressListLayer } from './address-lists.ts';
import type { FailureStore } from './failure-store.ts';
import { Handler, type HandlerProps, keepFailures } from './handler.ts';
import type { ListRefresh } from './list-refresh.ts';
import type { Tables } from './tables.ts';

/** What every function that judges events needs besides {@link HandlerProps}. */
export interface AnalysisSurroundings {
  readonly tables: Tables;
  readonly failures: FailureStore;
  readonly site: SiteSettings;
  /** Lists of addresses that come from files, where there are any. */
  readonly lists: AddressListLayer | undefined;
  /** Lists of addresses that are refreshed, where there are any. */
  readonly refresh: ListRefresh | undefined;
}

/**
 * A function that judges events: it reads and teaches baselines, and records findings. It has no reserved concurrency:
 * a ceiling would turn the burst that an attacker makes, or an attack is, into throttling and late findings, and the
 * account's own limit guards cost. What others reserve in the account still limits it, hence the alarm on throttles.
 */
export class Analysis extends Handler {
  constructor(scope: Construct, id: string, { tables, failures, site, lists, refresh, ...props }: HandlerProps & AnalysisSurroundings) {
    super(scope, id, {
      // Sized by the largest payload, 1 MB compressed, inflated and parsed; memory also buys processor time.
      memorySize: 1024,
      timeout: Duration.minutes(2),
      ...keepFailures(failures),
      ...props,
      ...(lists === undefined ? {} : { layers: [lists] }),
      environment: {
        [environment.site]: JSON.stringify(site),
        ...(lists === undefined ? {} : { [environment.lists]: compiledLists.mounted }),
        ...props.environment,
      },
    });
    tables.grantState(this);
    tables.grantRecordFindings(this);
    refresh?.grantRead(this);
  }
}

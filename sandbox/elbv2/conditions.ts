import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { RuleCondition as ConditionRouting } from '../ports.ts';
import { checkConditionValues } from './condition-limits.ts';
import { invalid, required } from './parameters.ts';

const MOST_VALUES = 5;

/**
 * Checks conditions and completes their description: AWS returns `Values` and the configuration of
 * the field.
 */
export function parseConditions(conditions: readonly RuleCondition[] | undefined): RuleCondition[] {
  const parsed = required(conditions, 'conditions').map((condition) => {
    if (condition.RegexValues || JSON.stringify(condition).includes('"RegexValues"')) {
      throw invalid("The sandbox matches wildcards only: use 'Values' instead of 'RegexValues'");
    }
    const complete = withConfig(condition);
    checkConditionValues(routeCondition(complete));
    return complete;
  });
  const count = parsed.flatMap((condition) => routeCondition(condition).values).length;
  if (count > MOST_VALUES) {
    throw invalid(`The conditions of a rule have at most '${MOST_VALUES}' values, not '${count}'`);
  }
  for (const single of ['path-pattern', 'host-header', 'http-request-method', 'source-ip']) {
    if (parsed.filter(({ Field }) => Field === single).length > 1) {
      throw invalid(`A rule can have only one '${single}' condition`);
    }
  }
  return parsed;
}

function withConfig(condition: RuleCondition): RuleCondition {
  const { Field, Values } = condition;
  if (Field === 'path-pattern') {
    const config = condition.PathPatternConfig ?? { Values };
    return { Field, Values: config.Values, PathPatternConfig: config };
  }
  if (Field === 'host-header') {
    const config = condition.HostHeaderConfig ?? { Values };
    return { Field, Values: config.Values, HostHeaderConfig: config };
  }
  if (condition.Values?.length) throw invalid(`The 'Values' field is not compatible with '${Field}'`);
  return condition;
}

/** The condition in the form of the data plane. */
export function routeCondition(condition: RuleCondition): ConditionRouting {
  const field = required(condition.Field, 'conditions.field');
  switch (field) {
    case 'path-pattern':
      return { field, header: null, values: plain(condition.PathPatternConfig?.Values) };
    case 'host-header':
      return { field, header: null, values: plain(condition.HostHeaderConfig?.Values) };
    case 'http-request-method':
      return { field, header: null, values: plain(given(condition, 'HttpRequestMethodConfig').Values) };
    case 'source-ip':
      return { field, header: null, values: plain(given(condition, 'SourceIpConfig').Values) };
    case 'http-header': {
      const config = given(condition, 'HttpHeaderConfig');
      const header = required(config.HttpHeaderName, 'conditions.httpHeaderConfig.httpHeaderName');
      return { field, header, values: plain(config.Values) };
    }
    case 'query-string': {
      const { Values = [] } = given(condition, 'QueryStringConfig');
      if (Values.some(({ Value }) => Value === undefined))
        throw invalid("A 'Value' must be specified in 'QueryStringKeyValuePair'");
      return {
        field,
        header: null,
        values: Values.map(({ Key = null, Value = '' }) => ({ key: Key, value: Value })),
      };
    }
    default:
      throw invalid(
        `Condition field '${field}' must be one of path-pattern, host-header, http-header, http-request-method, query-string, source-ip`,
      );
  }
}

type Config = 'HttpHeaderConfig' | 'HttpRequestMethodConfig' | 'QueryStringConfig' | 'SourceIpConfig';

function given<Name extends Config>(condition: RuleCondition, name: Name): NonNullable<RuleCondition[Name]> {
  const config = condition[name];
  if (!config) throw invalid(`A '${name}' must be specified with '${condition.Field}'`);
  return config;
}

function plain(values: readonly string[] = []) {
  return values.map((value) => ({ key: null, value }));
}

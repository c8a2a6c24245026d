import { clsx } from 'clsx';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import { ConditionTest } from './ConditionTest';
import { deepest, isGroup, newGroup, newTest, replaced, type Group, type Part } from './tree';
import css from './ViewEditor.module.css';

interface Props {
  group: Group;
  depth: number;
  faulty: ReadonlySet<number>;
  /** No more fits into a view. */
  full: boolean;
  onChange: (change: (root: Group) => Group) => void;
  onRemove?: () => void;
}

/** Conditions of which all or any hold, with groups in it as deep as the server takes. */
export function ConditionGroup({ group, depth, faulty, full, onChange, onRemove }: Props) {
  const t = useT();
  const put = (key: number, change: (part: Part) => Part | null) => onChange((root) => replaced(root, key, change));
  const add = (part: Part) => put(group.key, (now) => ({ ...(now as Group), parts: [...(now as Group).parts, part] }));
  return (
    <div className={clsx(css.group, depth > 0 && css.nested)} role="group" aria-label={t(group.all ? 'views.all_hold' : 'views.any_holds')}>
      <div className={css.groupHead}>
        <Select
          hideLabel label={t('views.how')} value={group.all ? 'all' : 'any'}
          onChange={(value) => put(group.key, (now) => ({ ...(now as Group), all: value === 'all' }))}
          options={[{ value: 'all', label: t('views.all_hold') }, { value: 'any', label: t('views.any_holds') }]}
        />
        <span className="grow" />
        {onRemove && <IconButton icon="x" label={t('views.remove_group')} onClick={onRemove} />}
      </div>
      {depth === 0 && group.parts.length === 0 && <p className="muted">{t('views.no_conditions')}</p>}
      {group.parts.map((part) => (isGroup(part) ? (
        <ConditionGroup key={part.key} group={part} depth={depth + 1} faulty={faulty} full={full} onChange={onChange} onRemove={() => put(part.key, () => null)} />
      ) : (
        <ConditionTest key={part.key} test={part} faulty={faulty.has(part.key)} onChange={(test) => put(part.key, () => test)} onRemove={() => put(part.key, () => null)} />
      )))}
      <div className={css.add}>
        <Button size="sm" variant="ghost" icon="plus" disabled={full} onClick={() => add(newTest())}>{t('views.add')}</Button>
        {depth < deepest - 1 && <Button size="sm" variant="ghost" icon="plus" disabled={full} onClick={() => add(newGroup(!group.all))}>{t('views.add_group')}</Button>}
      </div>
    </div>
  );
}

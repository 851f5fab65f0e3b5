/** Words a reason a turn was passed over for, as the rota keeps it (`dailyCap:5`): 休假到 11-30, 当天接满 5 位. */
export function sayReason(reason: string): string {
  const [code, limit = ''] = reason.split(':');
  if (code === 'onLeave') return `休假到 ${limit.slice(5)}`;
  if (code === 'dailyCap') return `当天接满 ${limit} 位`;
  if (code === 'followingCap') return `手上满 ${limit} 位`;
  if (code === 'inactive') return '账号已停用';
  if (code === 'handingOver') return '正在交接';
  if (code === 'gone') return '已离职';
  return '当时接不了';
}

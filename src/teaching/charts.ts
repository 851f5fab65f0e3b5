import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import { NOT_GRADED, sayScore } from './choices.ts';
import type { Bar, LessonRate } from './cohort-stats.ts';

echarts.use([LineChart, BarChart, ScatterChart, GridComponent, LabelLayout, SVGRenderer]);

/** A chart as SVG, for a desk and, its letters as large, for a phone. */
export type Picture = { wide: string; narrow: string };

/** A chart's message in words, and the picture; null where there is nothing to draw yet. */
export type Chart = { title: string; picture: Picture | null };

const INK = { accent: '#0a7a45', line: '#dfe3e0', muted: '#5d665f', text: '#1c211e', bad: '#b3261e' };
const TEXT = { fontFamily: 'PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif', fontSize: 12 };
/** Where the picture stands in the page; templates give the same to the browser. */
export const SIZES = { wide: { width: 640, height: 260 }, narrow: { width: 340, height: 220 } } as const;
const GRID = { left: 40, right: 16, top: 28, bottom: 28 };
const MOST_LABELS = 24;

type Option = Record<string, unknown>;

/** `onPhone` is what the phone's picture has otherwise. */
function draw(option: Option, onPhone: Option = {}): Picture {
  return { wide: drawAt(SIZES.wide, option), narrow: drawAt(SIZES.narrow, { ...option, ...onPhone }) };
}

function drawAt(size: { width: number; height: number }, option: Option): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({
      animation: false,
      textStyle: TEXT,
      grid: GRID,
      ...option,
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

const category = (data: readonly string[]) => ({
  type: 'category',
  data,
  axisLine: { lineStyle: { color: INK.line } },
  axisTick: { show: false },
  axisLabel: { color: INK.muted, ...TEXT },
});

const value = (most: number, unit = '') => ({
  type: 'value',
  min: 0,
  max: most,
  interval: most / 4,
  axisLabel: { color: INK.muted, formatter: `{value}${unit}`, ...TEXT },
  splitLine: { lineStyle: { color: INK.line } },
});

export type Scored = { number: number; score: number };

/**
 * A student's scores by lesson, as a line or in columns. Codes below 0 are marked at the foot, not plotted; lessons
 * without a score are left out.
 */
export function drawScores(lessons: readonly Scored[], kind: 'line' | 'bar'): Chart {
  const graded = lessons.filter(({ score }) => score !== NOT_GRADED);
  if (graded.length === 0) return { title: '还没有成绩，批好的作业会出现在这里', picture: null };
  const names = graded.map(({ number }) => String(number));
  const label = { show: graded.length <= MOST_LABELS, position: 'top', color: INK.text, ...TEXT };
  const plotted = {
    type: kind,
    data: graded.map(({ score }) => (score < 0 ? null : score)),
    connectNulls: false,
    symbolSize: 8,
    barMaxWidth: 32,
    labelLayout: { hideOverlap: true },
    itemStyle: { color: INK.accent },
    lineStyle: { color: INK.accent, width: 2 },
    label: { ...label, formatter: ({ value: score }: { value: number }) => sayScore(score) },
  };
  const codes = graded.flatMap(({ number, score }) => (score < 0 ? [{ value: [String(number), 0], code: score }] : []));
  const marked = {
    type: 'scatter',
    symbol: 'triangle',
    symbolSize: 10,
    data: codes,
    itemStyle: { color: INK.bad },
    label: {
      show: true,
      position: 'top',
      color: INK.bad,
      ...TEXT,
      formatter: ({ data }: { data: { code: number } }) => sayScore(data.code),
    },
  };
  return {
    title: sayScores(graded),
    picture: draw({ xAxis: category(names), yAxis: value(100), series: [plotted, marked] }),
  };
}

/** The one thing the chart says: how it goes lately, or how it stands. */
function sayScores(graded: readonly Scored[]): string {
  const marks = graded.map(({ score }) => score).filter((score) => score >= 0);
  const codes = graded.length - marks.length;
  const end = codes > 0 ? `，另有 ${codes} 次不计分` : '';
  if (marks.length === 0) return `还没有能画出来的分数${end}`;
  const [recent, earlier] = [marks.slice(-3), marks.slice(0, -3)];
  if (earlier.length < 2) return `${marks.length} 次作业平均 ${mean(marks)} 分${end}`;
  const change = mean(recent) - mean(earlier);
  const said = change === 0 ? '和之前一样' : `比之前${change > 0 ? '高' : '低'} ${Math.abs(change)} 分`;
  return `最近 ${recent.length} 次平均 ${mean(recent)} 分，${said}${end}`;
}

/** How often each score was given in a cohort, best first. */
export function drawDistribution(bars: readonly Bar[]): Chart {
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return { title: '还没有批过作业', picture: null };
  const good = bars.filter(({ score }) => score >= 80).reduce((sum, { count }) => sum + count, 0);
  const series = {
    type: 'bar',
    barMaxWidth: 36,
    data: bars.map(({ count, score }) => ({ value: count, itemStyle: { color: score < 0 ? INK.bad : INK.accent } })),
    label: {
      show: true,
      position: 'top',
      color: INK.text,
      ...TEXT,
      formatter: ({ value: count }: { value: number }) => (count > 0 ? String(count) : ''),
    },
  };
  const most = Math.max(4, ...bars.map(({ count }) => count));
  const letters = category(bars.map(({ letters }) => letters));
  const axisLabel = { color: INK.muted, interval: 0, ...TEXT };
  // COPY and FAIL stand side by side and are too wide for that on a phone: the last one goes a line lower.
  const lower = (word: string, index: number) => (index === bars.length - 1 ? `\n${word}` : word);
  return {
    title: `批过的 ${total} 份里，B 以上 ${good} 份，占 ${percent(good, total)}%`,
    picture: draw(
      { xAxis: { ...letters, axisLabel }, yAxis: value(Math.ceil(most / 4) * 4), series: [series] },
      { xAxis: { ...letters, axisLabel: { ...axisLabel, formatter: lower } }, grid: { ...GRID, bottom: 44 } },
    ),
  };
}

/** Who was there, lesson by lesson, in percent. */
export function drawAttendance(lessons: readonly LessonRate[]): Chart {
  if (lessons.length === 0) return { title: '还没有点过名', picture: null };
  const rates = lessons.map(({ there, total }) => percent(there, total));
  const least = lessons[rates.indexOf(Math.min(...rates))];
  const average = percent(sum(lessons.map(({ there }) => there)), sum(lessons.map(({ total }) => total)));
  const series = {
    type: 'line',
    data: rates,
    symbolSize: 8,
    itemStyle: { color: INK.accent },
    lineStyle: { color: INK.accent, width: 2 },
    labelLayout: { hideOverlap: true },
    label: { show: lessons.length <= MOST_LABELS, position: 'top', color: INK.text, formatter: '{c}%', ...TEXT },
  };
  const lowest = least && rates.length > 1 ? `，最低是第 ${least.number} 节 ${Math.min(...rates)}%` : '';
  return {
    title: `平均出勤 ${average}%${lowest}`,
    picture: draw({
      xAxis: category(lessons.map(({ number }) => String(number))),
      yAxis: value(100, '%'),
      series: [series],
    }),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function mean(numbers: readonly number[]): number {
  return Math.round(sum(numbers) / numbers.length);
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 100);
}

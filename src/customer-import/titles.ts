import { TITLES } from '../customers/index.ts';

/** A field of the form as a sheet's column; a second phone, and who is to follow the customer, are columns only. */
export type ColumnField = keyof typeof TITLES | 'phone2' | 'consultant';

/** Every field in the form's order, with the title people read. */
export const COLUMN_TITLES: Readonly<Record<ColumnField, string>> = {
  ...TITLES,
  phone2: '第二个手机',
  consultant: '课程顾问',
};

export const COLUMN_FIELDS = Object.keys(COLUMN_TITLES) as ColumnField[];

/** The report's own column: there in a file that comes back corrected, and passed over. */
export const REASON_TITLE = '原因';

/** What people write over a column besides the form's own title; the likelier ones first. */
export const ALIASES: Readonly<Record<Exclude<ColumnField, 'phone2'>, readonly string[]>> = {
  name: [
    ...['客户姓名', '学生姓名', '学员姓名', '客户名称', '客户名', '真实姓名', '名字', '学生', '学员', '客户'],
    ...['称呼', 'fullname', 'customername', 'studentname', '联系人', '联系人姓名', '家长姓名', '家长', '昵称'],
  ],
  qq: ['qq号', 'qq号码', 'qq账号', '腾讯qq', '扣扣', '扣扣号'],
  phone: [
    ...[
      '手机号',
      '手机号码',
      '移动电话',
      '手机电话',
      '手机1',
      '手机号1',
      '手机号码1',
      '联系手机',
      '本人手机',
      '学生手机',
    ],
    ...[
      '学员手机',
      '客户手机',
      '电话',
      '电话号码',
      '联系电话',
      '学生电话',
      '客户电话',
      '电话1',
      '联系电话1',
      '联系方式',
    ],
    ...['联系方式1', '联系号码', '号码', 'tel', 'telephone', 'phone', 'phonenumber', 'mobile', 'mobilephone', 'cell'],
    ...[
      'cellphone',
      '手机2',
      '手机号2',
      '手机号码2',
      '电话2',
      '联系电话2',
      '联系方式2',
      '第二手机',
      '备用手机',
      '备用电话',
    ],
    ...['其他电话', '其它电话', '紧急联系电话', '家长手机', '家长电话', '家长联系方式', '座机', '固定电话', '固话'],
  ],
  wechat: ['微信', '微信id', '微信号码', '微信账号', 'wechat', 'wechatid', 'weixin', 'wx', 'vx'],
  gender: ['男女', 'sex'],
  education: ['最高学历', '文化程度', '学历层次', '教育程度', 'degree'],
  graduationSchool: ['毕业学校', '学校', '院校', '所在学校', '就读学校', '学校名称', 'school', 'university'],
  major: ['所学专业', '专业名称', '就读专业'],
  experience: ['工作年限', '经验', '从业年限', '工龄', '工作经历'],
  workStatus: ['在职状态', '就业状态', '目前状态', '是否在职'],
  company: ['所在公司', '工作单位', '公司名称', '单位', '目前公司', '就职公司'],
  salary: ['薪水', '工资', '月薪', '薪资待遇', '目前薪资', '收入', '月收入'],
  source: ['客户来源', '来源渠道', '渠道', '渠道来源', '线索来源', '了解渠道', '获客渠道', '信息来源'],
  referralId: ['转介绍', '转介绍人', '介绍人', '推荐人', '介绍学员'],
  courseIds: [
    '课程',
    '咨询的课程',
    '意向课程',
    '报名课程',
    '感兴趣的课程',
    '课程名称',
    '意向',
    '咨询项目',
    'course',
    'courses',
  ],
  memo: [
    '说明',
    '备注说明',
    '备注信息',
    '其他说明',
    '客户备注',
    '沟通记录',
    '情况说明',
    'remark',
    'remarks',
    'note',
    'notes',
  ],
  consultant: [
    '顾问',
    '负责人',
    '跟进人',
    '所属顾问',
    '归属人',
    '归属顾问',
    '跟进顾问',
    '咨询师',
    '咨询老师',
    '销售',
    '销售顾问',
  ],
};

/** The platform's calls in plain words, by path. @type {Record<string, string>} */
export const CALLS = {
  '/cgi-bin/stable_token': '要 access_token',
  '/cgi-bin/token': '要 access_token（旧接口）',
  '/cgi-bin/qrcode/create': '生成二维码',
  '/cgi-bin/message/template/send': '发模板消息',
  '/cgi-bin/message/custom/send': '发客服消息',
  '/cgi-bin/message/custom/typing': '显示正在输入',
  '/cgi-bin/template/get_all_private_template': '取模板列表',
  '/cgi-bin/menu/create': '设菜单',
  '/cgi-bin/menu/get': '取菜单',
  '/cgi-bin/user/info': '问是否关注',
  '/cgi-bin/ticket/getticket': '要 JS 票据',
  '/sns/oauth2/access_token': '网页授权换身份',
};

/** What the platform pushes, in plain words. @type {Record<string, string>} */
export const PUSHES = {
  text: '发来一条消息',
  image: '发来一张图片',
  voice: '发来一段语音',
  location: '发来一个位置',
  'event subscribe': '关注',
  'event unsubscribe': '取消关注',
  'event SCAN': '扫码',
  'event CLICK': '点菜单',
  'event VIEW': '开菜单链接',
  'event TEMPLATESENDJOBFINISH': '模板消息的结果',
};

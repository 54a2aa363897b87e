// Texts whose contrast with their ground is below WCAG 2.1's AA (1.4.3): relative luminance by its definition, 4.5:1 for
// text and 3:1 for large text. Colours with some transparency are laid over what is behind them first.
(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const parse = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (front, back) => front.slice(0, 3).map((value, index) => value * front[3] + back[index] * (1 - front[3]));
  const ground = (element) => {
    if (element === null) {
      return [255, 255, 255];
    }
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, ground(element.parentElement));
  };
  const luminance = (color) => {
    const [r, g, b] = color.map((value) => value / 255).map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const words = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
  const poor = new Set();
  let texts = 0;
  for (const element of document.querySelectorAll('body *')) {
    if (!words(element) || !element.checkVisibility({visibilityProperty: true}) || element.closest('.visually-hidden, .skip, [disabled], option')) {
      continue;
    }
    texts++;
    const style = getComputedStyle(element);
    const back = ground(element);
    const [light, dark] = [luminance(over(parse(style.color), back)), luminance(back)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) {
      poor.add(`${element.tagName.toLowerCase()}.${element.className} “${element.textContent.trim().slice(0, 24)}” ${ratio.toFixed(2)}`);
    }
  }
  return {texts, poor: [...poor]};
})()

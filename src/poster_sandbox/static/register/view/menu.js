import { moneyText, toMinor } from '../core/money.js';
import { addProduct } from '../core/sale.js';
import { openDialog } from './dialogs.js';
import { h } from './dom.js';

/** Categories above, goods as tiles below. */
export function menu(register, order) {
  const { categories, products } = register.catalogue;
  const current = register.ui.categoryId ?? (categories[0] && categories[0].id);
  return h(
    'section',
    { class: 'menu', 'aria-label': 'Menu', 'data-key': 'menu' },
    h(
      'nav',
      { class: 'categories', 'aria-label': 'Categories' },
      categories.map((category) =>
        h(
          'button',
          {
            class: category.id === current ? 'category current' : 'category',
            test: `category-${category.id}`,
            onclick: () => choose(register, category.id),
          },
          category.name,
        ),
      ),
    ),
    h(
      'div',
      { class: 'tiles' },
      products.filter((product) => product.category_id === current).map((product) => tile(register, order, product)),
    ),
  );
}

function choose(register, categoryId) {
  register.ui.categoryId = categoryId;
  register.changed();
}

function tile(register, order, product) {
  const price = product.modifications.length
    ? `from ${moneyText(Math.min(...product.modifications.map((one) => toMinor(one.price))), register.symbol)}`
    : moneyText(toMinor(product.price), register.symbol);
  return h(
    'button',
    {
      class: 'tile',
      style: `--tile:${tileColor(product.color)}`,
      test: `product-${product.id}`,
      onclick: () => pick(register, order, product),
    },
    h('span', { class: 'tile-name' }, product.name),
    h('span', { class: 'tile-price' }, product.unit === 'kg' ? `${price} / kg` : price),
  );
}

function tileColor(color) {
  return /^#[0-9a-f]{3,8}$/i.test(color || '') ? color : '#5B6B86';
}

function pick(register, order, product) {
  if (product.modifications.length) openDialog(register, 'modifications', { order, product });
  else if (product.unit === 'kg') openDialog(register, 'weight', { order, product, value: '' });
  else addProduct(register, order, product.id, 0);
}

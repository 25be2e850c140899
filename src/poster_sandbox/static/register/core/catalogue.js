// The menu as the server gave it at the start.

import { toMinor, toUnits } from './money.js';

export class Catalogue {
  constructor({ products, categories }) {
    this.products = products;
    this.categories = categories;
    this.byId = new Map(products.map((product) => [Number(product.id), product]));
  }

  /** What goes into an order line for a product and a modification (0 = none), or null if there is no such thing. */
  sellable(productId, modificationId) {
    const product = this.byId.get(productId);
    if (!product) return null;
    const modification = modificationId ? this.modification(product, modificationId) : null;
    if (modificationId && !modification) return null;
    if (!modificationId && product.modifications.length) return null;
    return {
      productId,
      modification: modificationId || 0,
      name: modification ? `${product.name} (${modification.name})` : product.name,
      priceMinor: toMinor(modification ? modification.price : product.price),
      unit: product.unit,
      nodiscount: Number(product.nodiscount) || 0,
    };
  }

  modification(product, modificationId) {
    return product.modifications.find((modification) => Number(modification.id) === modificationId) || null;
  }

  /** Poster's Product, or false. */
  posterProduct(productId) {
    const product = this.byId.get(Number(productId));
    if (!product) return false;
    const weight = product.unit === 'kg';
    return {
      id: Number(product.id),
      delete: 0,
      hidden: 0,
      fiscal: 0,
      fiscalProgram: 0,
      nodiscount: Number(product.nodiscount) || 0,
      parent: Number(product.category_id),
      sortOrder: 999,
      weightFlag: weight ? 1 : 0,
      workshop: 1,
      price: weight ? toUnits(toMinor(product.price)) / 1000 : product.price,
      cookingTime: 0,
      barcode: '',
      picture: '',
      color: product.color || 'white',
      taxType: 0,
      taxValue: 0,
      taxId: 0,
      taxName: '',
      extras: {},
    };
  }

  /** `{id, modification, name, modGroupName}` of a product with its modification, or false. */
  fullName({ id, modification } = {}) {
    const product = this.byId.get(Number(id));
    if (!product) return false;
    const found = modification ? this.modification(product, Number(modification)) : null;
    return {
      id: Number(id),
      modification: modification || 0,
      name: found ? `${product.name} (${found.name})` : product.name,
      modGroupName: '',
    };
  }

  /** Poster's Category, or null. */
  posterCategory(categoryId) {
    const category = this.categories.find((one) => Number(one.id) === Number(categoryId));
    if (!category) return null;
    return {
      id: Number(category.id),
      name: category.name,
      color: category.color || 'white',
      hidden: 0,
      delete: 0,
      parent: 0,
      picture: '',
      sortOrder: 999,
      subCategories: [],
      extras: {},
    };
  }
}

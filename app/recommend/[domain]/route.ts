// The first address of the recommendations, still supported; the same responses as /api/recommend.
export { DELETE, GET, OPTIONS, PATCH, POST, PUT } from '@/app/api/recommend/[domain]/route';

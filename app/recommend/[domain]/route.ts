// The address that the first design gave the recommendations; the same answers as under /api.
export { DELETE, GET, OPTIONS, PATCH, POST, PUT } from '@/app/api/recommend/[domain]/route';

import { NotificationSettings } from '@/features/notification/NotificationSettings';
import { ProfilePage } from '@/features/team/ProfilePage';

export function ProfileScreen() {
  return <ProfilePage notifications={<NotificationSettings />} />;
}

import { NotificationSettings } from '@/features/notification/NotificationSettings';
import { ProfilePage } from '@/features/team/ProfilePage';
import { DeviceSettings } from './DeviceSettings';

export function ProfileScreen() {
  return <ProfilePage notifications={<><NotificationSettings /><DeviceSettings /></>} />;
}
